"""One step of a conversation: values in, values out."""

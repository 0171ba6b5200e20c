"""What is asked and what it means: pure values in, values out."""

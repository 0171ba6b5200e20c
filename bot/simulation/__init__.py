"""An outbreak in virtual time: made-up people and a made-up provider around the real service."""

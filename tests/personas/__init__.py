"""Ten invented people against whom the memory walk is measured."""

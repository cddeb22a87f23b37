"""Finding records: the query language, the analyzer, the engines behind one seam."""

"""Archives of photographs, and where photographs went: the holder of paths and databases for `trace`."""

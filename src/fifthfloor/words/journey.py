"""Sentences of the journey."""

ERRORS: dict[str, tuple[str, str]] = {
    "journey.no_encoder": (
        "drawing photographs needs Pillow, which the base install leaves out",
        "install it with: pip install 'fifthfloor[home]', or give photographs of your own with --photos",
    ),
    "journey.no_scene": ("there is no scene called {name}", "the scenes are: {known}"),
}

SENTENCES: dict[str, str] = {
    "journey.map_tables": "tables",
    "journey.map_visible": "visible photographs",
    "journey.map_hidden": "hidden",
    "journey.map_random": "random",
    "journey.map_damaged": "damaged",
}

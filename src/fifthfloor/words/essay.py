"""Sentences about essays: writing them, their pictures, publishing."""

ERRORS: dict[str, tuple[str, str]] = {
    "essay.no_front": (
        "{file}, line 1: the front matter is missing",
        "write `+++` on the first line, then title, standfirst, byline, place, date, language and licence as "
        '`title = "..."`, then `+++` again',
    ),
    "essay.open_front": ("{file}, line 1: the front matter has no end", "write a line `+++` after its last field"),
    "essay.not_toml": (
        "{file}, line {line}: the front matter is not TOML: {reason}",
        'write one `field = "text"` a line, with the quotation marks',
    ),
    "essay.front_unknown": ("{file}, line {line}: there is no field {field}", "write one of: {known}"),
    "essay.front_kind": ("{file}, line {line}: {field} is not a text", 'write `{field} = "..."`'),
    "essay.front_missing": (
        "{file}, line {line}: the front matter has no {field}",
        'write `{field} = "..."` between the two lines of `+++`; a date or a place can be "withheld"',
    ),
    "essay.language": (
        "{file}, line {line}: {given} is no language tag",
        "write {field} as two or three letters, such as en, fr, ar, ko or zh-Hant",
    ),
    "essay.day": ("{file}, line {line}: {given} is no day", "write {field} as year-month-day, such as 2026-11-22"),
    "essay.telling_name": (
        "{file} is no name for a telling",
        "name it essay.md or essay.NAME.md, NAME of small letters, digits and hyphens, and not index, side-by-side "
        "or proof",
    ),
    "essay.too_long": (
        "{file} has {size:bytes}, an essay has at most {most:bytes}",
        "take out what is not text; photographs stay files of their own",
    ),
    "essay.not_text": ("{file}, line {line}: this is not UTF-8 text", "save the file as UTF-8"),
    "essay.control": (
        "{file}, line {line}: there is a control character in the text",
        "delete it; a line break is the only one an essay has",
    ),
    "essay.no_photographs": ("{file} has no photograph", "write a line `photo: FILE` and its fields under it"),
    "essay.same_name": (
        "{file}, line {line}: a photograph named {photo} already stands on line {first}",
        "show each photograph once; give two files of one name two names",
    ),
    "essay.photo_line": (
        "{file}, line {line}: `{given}` is no field of a photograph",
        "write `field: text` with one of: {known}; begin a line that goes on with two spaces, and leave an empty line "
        "after the photograph",
    ),
    "essay.twice": ("{file}, line {line}: {field} is already on line {first}", "keep one of the two lines"),
    "essay.photo_place": (
        "{file}, line {line}: `{given}` is no photograph of this essay",
        "write `photo: FILE` with a file inside the essay's folder",
    ),
    "essay.missing": ("{file}, line {line}: {photo} has no {field}", "write `{field}: ...` under `photo: {photo}`"),
    "essay.no_alt": (
        "{file}, line {line}: {photo} has no alt text",
        "write `alt: ...` with what is seen, for someone who cannot see it, in 125 to 250 characters",
    ),
    "essay.alt_is_name": (
        "{file}, line {line}: the alt text of {photo} holds the name of the file",
        "write what is seen, for someone who cannot see it",
    ),
    "essay.alt_is_caption": (
        "{file}, line {line}: the alt text of {photo} is its caption",
        "write what is seen in `alt:`; the caption says what it means",
    ),
    "essay.alt_length": (
        "{file}, line {line}: the alt text of {photo} has {length} characters, {least} to {most} are needed",
        "write what is seen, for someone who cannot see it, in one or two sentences",
    ),
    "essay.claim": (
        "{file}, line {line}: `{given}` is no claim",
        "write `claim: seen` for what the photographer saw, `claim: told` for what someone said, or `claim: believed`",
    ),
    "essay.correction": (
        "{file}, line {line}: `{given}` is no correction",
        "write `correction: 2026-11-22 what was wrong and what is right`",
    ),
    "essay.rights": (
        "{file}, line {line}: `{given}` does not say whether the photograph may be used",
        "write `rights: cleared` or `rights: restricted` and the reason after it",
    ),
    "essay.picture_in_text": (
        "{file}, line {line}: a photograph stands in the text as Markdown",
        "write `photo: FILE` on a line of its own, and caption, alt and claim under it",
    ),
    "essay.title_in_text": (
        "{file}, line {line}: `#` is the title of the essay, which the front matter gives",
        "write `##` for a section",
    ),
    "essay.no_photo_line": (
        "{file}, line {line}: {field} belongs to no photograph",
        "write `photo: FILE` above it, with no empty line between",
    ),
    "essay.prose_in_group": (
        "{file}, line {line}: there is text inside a {kind}",
        "write only photographs between `::: {kind}` and `:::`",
    ),
    "essay.open_group": ("{file}, line {line}: the {kind} has no end", "write a line `:::` after its last photograph"),
    "essay.group_kind": (
        "{file}, line {line}: `{given}` begins no group",
        "write `::: pair TITLE`, `::: sequence TITLE` or `::: full`, and `:::` where it ends",
    ),
    "essay.group_count": (
        "{file}, line {line}: the {kind} has {count} photographs, {wanted} are needed",
        "a pair has two, a full one, a sequence two or more",
    ),
    "essay.no_label": (
        "{file}, line {line}: {photo} is one of a pair and has no label",
        "write `label: By day` (a word or two) under it",
    ),
}

SENTENCES: dict[str, str] = {}

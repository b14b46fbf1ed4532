"""Sentences about essays: writing them, their pictures, publishing."""

from __future__ import annotations

ERRORS: dict[str, tuple[str, str]] = {
    "essay.no_front": (
        "{file}, line 1: the front matter is missing",
        "write `+++` on the first line, then title, standfirst, byline, place, date, language and licence as "
        '`title = "..."`, then `+++` again',
    ),
    "essay.open_front": ("{file}, line 1: the front matter has no end", "write a line `+++` after its last field"),
    "essay.not_toml": (
        "{file}, line {line}: the front matter is not TOML: {reason:phrase}",
        'write one `field = "text"` a line, with the quotation marks',
    ),
    "essay.front_unknown": ("{file}, line {line}: there is no field {field}", "write one of: {known}"),
    "essay.front_kind": ("{file}, line {line}: {field} is not a text", 'write `{field} = "..."`'),
    "essay.front_missing": (
        "{file}, line {line}: the front matter has no {field}",
        'write `{field} = "..."` between the two lines of `+++`; a date or a place can be "withheld"',
    ),
    "essay.language": (
        "{file}, line {line}: `{given}` is no language tag",
        "write {field} as two or three letters, such as en, fr, ar, ko or zh-Hant",
    ),
    "essay.day": ("{file}, line {line}: `{given}` is no day", "write {field} as year-month-day, such as 2026-11-22"),
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
    "essay.unnameable": (
        "{name} is left out: no line of essay.md can name it",
        "protect the photograph without `--names source`, so that it is called by a number, or give its file a name of "
        "plain text first: no line breaks, colons or backslashes, no blanks around it",
    ),
    "essay.photo_place": (
        "{file}, line {line}: `photo: {given}` names no photograph of this essay",
        "write `photo: FILE` with a file inside the essay's folder",
    ),
    "essay.missing": ("{file}, line {line}: {photo} has no {field}", "write `{field}: ...` under `photo: {photo}`"),
    "essay.template": (
        "{file}, line {line}: a sentence of the template is still there: `{given}`",
        "write your own in its place, or take the line out",
    ),
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
        "{file}, line {line}: the {kind} has {count:photograph|photographs}, {wanted} are needed",
        "a pair has two, a full one, a sequence two or more",
    ),
    "essay.no_label": (
        "{file}, line {line}: {photo} is one of a pair and has no label",
        "write `label: By day` (a word or two) under it",
    ),
    "essay.theme": (
        "{file}, line {line}: a theme may not hold `{given}`",
        "set colours, type and spaces; a theme fetches nothing",
    ),
    "essay.killed": (
        "whoever made the pictures of {photo} died, each of {count:time|times}",
        "take it out of the essay, or publish without --cluster",
    ),
    "essay.unreadable_picture": (
        "the picture {photo} cannot be read: {reason:phrase}",
        "run `fifthfloor protect` on the original again",
    ),
    "essay.too_many_pixels": (
        "{photo} is {width} x {height}, {megapixels} megapixels, at most {most} are read",
        "make it smaller before `fifthfloor protect`",
    ),
    "essay.no_telling": (
        "there is no essay in {folder}",
        "write essay.md there; `fifthfloor essay new` makes a first one",
    ),
    "essay.two_of_one_name": (
        "{file}, line {line}: {photo} and {other} are two files of one name",
        "rename one of them before `fifthfloor protect`",
    ),
    "essay.no_folder": ("there is no folder {folder}", "give the folder that holds essay.md"),
    "essay.embargo": (
        "{file}, line {line}: it is under embargo until {day}, today is {today}",
        "publish it on that day, or change `embargo` in its front matter",
    ),
    "essay.photo_embargo": (
        "{file}, line {line}: {photo} is under embargo until {day}, today is {today}",
        "publish on that day, or take the photograph out",
    ),
    "essay.restricted": (
        "{file}, line {line}: {photo} may not be published: {rights}",
        "take the photograph out, or write `rights: cleared` once that is so",
    ),
    "essay.no_photo": (
        "{file}, line {line}: there is no file {photo}",
        "put the protected photograph beside the essay, with its statement",
    ),
    "essay.empty_photo": (
        "{file}, line {line}: {photo} has 0 bytes",
        "run `fifthfloor protect` on the original again",
    ),
    "essay.unprotected": (
        "{file}, line {line}: {photo} is not protected, it has no statement beside it",
        "run `fifthfloor protect {photo} --out PROTECTED`, look at it, run `fifthfloor approve PROTECTED`, and write "
        "the essay in that folder",
    ),
    "essay.is_there": ("{file} is there already", "edit it; or move it away, to begin again"),
    "essay.nothing_protected": (
        "no photograph in {folder} is protected",
        "run `fifthfloor protect PHOTOGRAPHS --out {folder}`, look at them, and `fifthfloor approve {folder}`",
    ),
    "essay.base_url": ("`{given}` is no base URL", "write it as https://example.org/ with a slash at the end"),
    "essay.same_folder": (
        "two essays would both be published under {folder}, or it is a name of the site's own",
        "rename one of the essays' folders",
    ),
    "essay.out_is_essay": (
        "{site} holds the essay {folder} itself",
        "give --out a folder of its own: what is in it will be read by everyone",
    ),
    "essay.not_a_folder": ("{site} is a file, not a folder", "give --out the name of a folder"),
    "essay.not_a_site": (
        "{site} holds other things, and no {report} of an earlier `fifthfloor publish`",
        "give --out an empty folder or a new one",
    ),
    "essay.bad_report": (
        "{report} in {site} is damaged, so what may be removed there is not known",
        "give --out a new folder",
    ),
    "essay.no_room": (
        "{file} needs {size:bytes}, {free:bytes} are free",
        "make room and run it again; the site is as it was",
    ),
}

SENTENCES: dict[str, str] = {
    "essay.of_line": "{of_file}, line {of_line}: {cause}",
    "essay.of_photo": "{of_file}, line {of_line}, {of_photo}: {cause}",
    "essay.warn_labels": "{file}, line {line}: the page has no texts of its own in {language}; they will be in English",
    "essay.warn_published": "{file}: no `published` day in the front matter; the feed has none to give",
    "essay.warn_boilerplate": "{file}, line {line}: the {field} of {photo} looks as if a camera wrote it: {given}",
    "essay.warn_coordinates": "{file}, line {line}: the {field} of {photo} holds coordinates: {given}",
    "essay.warn_contact": "{file}, line {line}: the {field} of {photo} holds an address or a number: {given}",
    "essay.warn_clock": "{file}, line {line}: the {field} of {photo} holds a time of day: {given}",
    "essay.warn_name": "{file}, line {line}: the {field} of {photo} may name a person: {given}",
    "essay.warn_day": "{file}, line {line}: the date is withheld, and the {field} of {photo} holds a day: {given}",
    "essay.warn_room": "{file}, line {line}: the {field} of {photo} names a room, a house or a vehicle by its number: {given}",
    "essay.warn_place": "{file}, line {line}: the place is withheld, and the {field} of {photo} may name one: {given}",
    "essay.what.text": "text",
    "essay.what.title_of_pair": "title of the pair",
    "essay.what.title_of_sequence": "title of the sequence",
    "essay.what.title_of_full": "title of the full",
    "essay.warn_text_coordinates": "{file}, line {line}: the {field:phrase} holds coordinates: {given}",
    "essay.warn_text_contact": "{file}, line {line}: the {field:phrase} holds an address or a number: {given}",
    "essay.warn_text_clock": "{file}, line {line}: the {field:phrase} holds a time of day: {given}",
    "essay.warn_text_name": "{file}, line {line}: the {field:phrase} may name a person: {given}",
    "essay.warn_text_day": "{file}, line {line}: the date is withheld, and the {field:phrase} holds a day: {given}",
    "essay.warn_text_room": "{file}, line {line}: the {field:phrase} names a room, a house or a vehicle by its number: {given}",
    "essay.warn_text_place": "{file}, line {line}: the place is withheld, and the {field:phrase} may name one: {given}",
    "essay.help_check": "Only look: say every error and warning with its line, and build nothing.",
    "essay.check_or_out": "give --out DIR to publish, or --check to look only",
    "essay.checked": "nothing stands in the way of publishing: {photographs:photograph|photographs}, {cautions:warning|warnings}",
    "essay.nobody_looked": "nobody looked at {count} of the photographs before publishing; the site says so: {names}",
    "essay.published": "{photographs:photograph|photographs}, {files:file|files}, {total:bytes} in {site}",
    "essay.unchanged": "nothing changed: {photographs:photograph|photographs}, {files:file|files}, {total:bytes} in {site}",
    "essay.file": "{sha256}  {path}, {size:bytes}",
    "essay.edition": "also written: {path}, {size:bytes}",
    "essay.open": "open {page} in a browser",
    "essay.new": "{file} written with {count:photograph|photographs}, {captions} of them with a caption",
    "essay.new_guessed": "the originals do not say how these texts are coded; they were read as Western European, so look at the letters: {names}",
    "essay.new_next": "fill in kicker, caption, alt and claim of each, then: fifthfloor publish {folder} --out SITE",
}

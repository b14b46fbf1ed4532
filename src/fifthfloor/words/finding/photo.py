"""What the audit says of what stands inside photographs and films."""

from __future__ import annotations

_EDIT = "an edited file has another size, layout and time than its neighbours; the old file stays in free space"

SAID: dict[str, tuple[str, str, str, str]] = {
    "photo.serial": (
        "serial numbers of cameras are in {count:photograph|photographs}: {values}",
        "they tie every photograph, published ones too, to the camera in your bag",
        "before publishing, `protect` removes them; on the card leave them: every camera writes them",
        _EDIT,
    ),
    "photo.lens_serial": (
        "serial numbers of lenses are in {count:photograph|photographs}: {values}",
        "they tie photographs to the lens in your bag",
        "before publishing, `protect` removes them; on the card leave them",
        _EDIT,
    ),
    "photo.owner": (
        "{count:photograph names|photographs name} an owner, artist or copyright: {values}",
        "the name is read on the camera's own screen by anybody who looks",
        "clear it in the camera's menu before the next photograph; those that exist keep it",
        _EDIT,
    ),
    "photo.cameras": (
        "{count} cameras took these photographs: {values}",
        "photographs of a second camera or telephone lead to the question where it is",
        "carry all of them, or keep each camera's photographs on its own card",
        "nothing",
    ),
    "photo.gps": (
        "{count:photograph, film or text beside one says where it was|photographs, films or texts beside them say where they were} taken (latitude {south} to {north}, longitude {west} to {east})",
        "a map of the journey, and of the people you met, to a few metres",
        "switch it off in the camera or telephone now; `hide` the photographs that matter, and `protect` before publishing",
        _EDIT,
    ),
    "photo.place": (
        "{count:photograph, film or text beside one names|photographs, films or texts beside them name} a place: {values}",
        "somebody wrote it in by hand or by program",
        "`hide` the photographs that matter, and carry files as the camera made them",
        _EDIT,
    ),
    "photo.rating": (
        "{count:photograph is|photographs are} rated or labelled: {values}",
        "marks show which photographs matter to you",
        "mark at home; unmark in the camera what was marked in the camera",
        "the mark itself is gone without a trace in most cameras; a computer changes the file",
    ),
    "photo.words": (
        "{count:photograph carries|photographs carry} keywords, titles or descriptions: {values}",
        "they are read and searched before any picture is looked at",
        "carry files as the camera made them, and keep words elsewhere",
        _EDIT,
    ),
    "photo.person": (
        "{count:photograph, film or text beside one names|photographs, films or texts beside them name} people: {values}",
        "a name puts a person at a place and a time",
        "do not cross with photographs that name people: `hide` them or leave them behind, and `protect` before publishing",
        _EDIT,
    ),
    "photo.edited": (
        "{count:photograph|photographs} passed through a computer or program: {values}",
        "the program's name and computer's name are in the file; the camera's own files have neither",
        "carry files as the camera made them",
        _EDIT,
    ),
    "photo.renamed": (
        "{count:photograph has another number inside than in its name|photographs have another number inside than in their name}: {names}",
        "somebody renamed them, and the camera's own number says from what",
        "name them again as they were, or carry the originals; never edit the maker note: numbers there are keys of other blocks",
        "renaming leaves the old name behind as a deleted entry, until `tidy`",
    ),
    "photo.counter": (
        "the camera's counter rose by {missing} more than the file numbers between {count} neighbours: {names}",
        "photographs were taken that are not here, and renumbering cannot hide it",
        "explain it: test shots, films and shots on another card count too",
        "nothing; never edit the counter: it is the key of other blocks in the same file",
    ),
    "photo.clock_back": (
        "the camera's clock was set back before {count:photograph|photographs}, by its own counter: {names}",
        "somebody changed the time between two photographs; the counter cannot be set back",
        "explain it (another time zone); never edit the counter or the times",
        _EDIT,
    ),
    "photo.clock": (
        "{count:file has another time than its exposure|files have another time than their exposure}: {names}",
        "they were copied, edited or touched after they were taken",
        "set the camera's clock; do not touch files by computer",
        "setting file times leaves the times of the directory and of the computer's own records",
    ),
    "photo.trailer": (
        "{count:photograph has|photographs have} something behind the picture: {names}",
        "viewers do not show it, examiners look there first; it may be a second picture, a depth map or a maker's block",
        "look at it, or carry another photograph",
        _EDIT,
    ),
    "photo.motion": (
        "{count:photograph carries|photographs carry} a film with sound: {names}",
        "what you said before the shot is in it",
        "switch it off in the telephone; `hide` those that exist",
        _EDIT,
    ),
    "photo.several": (
        "{count:file holds|files hold} several pictures: {names}",
        "large previews keep what a crop or blur removed",
        "before publishing use `protect`, which removes them",
        _EDIT,
    ),
    "photo.signed": (
        "{count:photograph is|photographs are} signed by the camera: {names}",
        "good proof of truth, and of which camera it was; any edit breaks it, and that can be shown",
        "do not edit them",
        "a broken signature",
    ),
    "photo.hiding_encoder": (
        "{count:photograph was|photographs were} written by the encoder of F5, a program that hides files in pictures: {names}",
        "an officer's list of such programs names this comment; Stegosuite writes it too, and hardly anybody else does",
        "do not carry these",
        "nothing, if the originals are in their place",
    ),
    "photo.hiding_steghide": (
        "{count:photograph has|photographs have} a camera's quantisation and nothing else that cameras write: {names}",
        "steghide, which hides files in pictures, leaves them so; so does jpegtran without metadata, and who looks cannot tell which",
        "carry photographs as the camera wrote them",
        "nothing, if the originals are in their place",
    ),
    "photo.twice": (
        "{count:photograph was|photographs were} compressed twice, as far as histograms show it: {names}",
        "a camera compresses once; editors, messengers, and programs that hide in pictures (OutGuess, F5) do it again",
        "carry photographs as the camera wrote them",
        "nothing, if the originals are in their place",
    ),
    "photo.preview": (
        "{count:photograph has|photographs have} a thumbnail that shows something else: {names}",
        "an edit forgot it; it may show what was cut away or covered",
        "do not carry these; export them anew from the original",
        _EDIT,
    ),
    "photo.credentials": (
        "{count:file carries|files carry} a signed C2PA manifest that is no camera's, as far as it says: {names}",
        "it lists programs and steps, at times the person who signed",
        "read it with a C2PA viewer; before publishing use `protect`, which removes it",
        _EDIT,
    ),
}

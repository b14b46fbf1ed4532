"""What stands before the question where the whole of it does not fit on eight lines: each is one line of 80 columns."""

from __future__ import annotations

ERRORS: dict[str, tuple[str, str]] = {}

SENTENCES: dict[str, str] = {
    "brief.one": "{what}; this card opens it",
    "brief.all": "{what}; {carriers:the card is|both cards are|all # cards are} needed",
    "brief.any": "{what}; any {threshold:# of {carriers} cards opens|# of {carriers} cards open} it",
    # Cards beside folders.
    "brief.all_mixed": "{what}; {places:it is|both of these are|all # of these are} needed",
    "brief.any_mixed": "{what}; any {threshold} of these {places} open it",
    "brief.roll": "into {covers} of {count:photograph|photographs} in {folder}; any {percent:g} % may be lost",
    "brief.roll_smaller": "smaller, into {covers} of {count:photograph|photographs} in {folder}; {percent:g} % may be lost",
    "brief.folders": "{count} folders",
    "brief.lost_mixed": "  all else hidden or sealed, on cards (--keep asks) or in photographs: lost",
    "brief.lost_mixed_too": "  what was not named to --keep, lies in photographs or was sealed is lost",
    "brief.stake_mixed": "  {count:deleted photograph|deleted photographs}, all else hidden there or in photographs: lost",
    "brief.rules": "only photographs that nobody else has; all their originals must go, everywhere",
    "brief.rules_more": "a re-encoding (messengers, clouds) ends it; experimental, and little tested",
    "brief.rules_all": "experimental; only photographs nobody else has; originals go; no re-encoding",
    "brief.sealed": "sealed to {fingerprints}; no sweep keeps it",
    "brief.sealed_to_many": "sealed to {count:recipient|recipients} alone (--verbose names them); no sweep keeps it",
    "brief.cards": "{names} and {more} more",
    "brief.unknown": "  deleted photographs will be lost; they were not counted",
    "brief.unknown_and_others": "  deleted photographs (not counted), all else hidden or sealed: lost for good",
    "brief.stake_and_others": "  {count:deleted photograph|deleted photographs}, all else hidden or sealed here: lost for good",
    "brief.gone": "  GONE for good: {files:file|files} ({size:bytes}), {days}",
    "brief.gone_damaged": "  GONE for good: what these cards hold of something that does not come back",
    "brief.kept": "kept: {files:file|files} ({size:bytes}), {days}",
    "brief.kept_damaged": "kept: what was hidden before; its list cannot be read",
    "brief.more": ", and more",
    "brief.day": "hidden on {first}",
    "brief.days": "{first} to {last}",
    "brief.first": "{name} etc.",
    "brief.removed_all": "{cards} cards lose {frames:frame|frames}; {left} stay, {gaps:gap|gaps}",
    "brief.swept_after": "  {cards} swept too: {count:deleted photograph|deleted photographs}, all else there: lost",
    "brief.swept_after_at_least": "  {cards} swept too: {count:deleted photograph|deleted photographs} or more, all else: lost",
    "brief.swept_after_none": "  {cards} swept too: whatever else its free space holds is lost",
    "brief.swept_after_unknown": "  {cards} swept too: deleted photographs (not counted), all else: lost",
    "brief.swept_cards": "{count} cards",
    "brief.removed": "{card} loses {frames:frame|frames}, {names}; {left} stay, {gaps:gap|gaps}",
}

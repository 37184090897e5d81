"""The gallery: every instrument's sample as an official sees it, page by page, and the measure that guards it."""

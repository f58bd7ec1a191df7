"""docs/taxonomy.md: which OpenStreetMap tags and which words mean which kind of asset, from taxonomy.toml."""

from __future__ import annotations

from assetmap.taxonomy import Rule, taxonomy
from manual.markdown import GENERATED, code_list, table

__all__ = ["taxonomy_page"]

_INTRO = """\
What counts as an asset, and as which kind, is decided by the rules of
[taxonomy.toml](../src/assetmap/taxonomy.toml), each with its reason. For an object of OpenStreetMap the rules are tried
from the top, and the first whose tags all match decides. In a list the words of its own column decide.

Who may go in is `open`, `restricted` or `unknown`. The object's own tags say so first: `foot`, then `access`
(`yes`, `permissive`, `public`, `designated`, `customers` and `destination` are open; `no`, `private`, `members`,
`residents`, `permit`, `employees` and `military` are restricted). Where neither says, the rule's default holds. Unknown
is never read as no: access is measured to all assets but the restricted ones.

Categories belong to groups. Both are measured: the nearest park, and the nearest green space of any kind."""


def taxonomy_page() -> str:
    """Return the page of all categories and rules."""
    known = taxonomy()
    lines = ["# Kinds of asset", "", GENERATED, "", _INTRO, ""]
    for group, label in known.groups.items():
        lines += [f"## {label} (`{group}`)", ""]
        members = [known.categories[code] for code in known.members(group)]
        lines += table(
            ("category", "code", "words in lists"),
            ((category.label, f"`{category.code}`", ", ".join(category.words)) for category in members),
        )
        codes = {category.code for category in members}
        rules = [rule for rule in known.rules if rule.category in codes]
        lines += table(
            ("OpenStreetMap", "category", "who may go in, by default", "because"),
            ((_tags(rule), f"`{rule.category}`", rule.default_access, rule.reason) for rule in rules),
        )
    lines += ["## Left out", "", "Objects with these tags are no assets, whatever else they carry.", ""]
    lines += table(("OpenStreetMap", "because"), ((_tags(rule), rule.reason) for rule in known.excludes))
    asked = known.osm_tags
    lines += [f"Rules stand under {len(asked)} keys: {code_list(asked)}.", ""]
    return "\n".join(lines).rstrip() + "\n"


def _tags(rule: Rule) -> str:
    first, *others = (f"{key}={value}" for key, value in rule.tags)
    return " and ".join([f"[`{first}`]({rule.wiki})", *(f"`{tag}`" for tag in others)])

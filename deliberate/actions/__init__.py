"""Use cases: plain functions `verb_noun(tx, actor, …)` that neither commit nor know the web."""

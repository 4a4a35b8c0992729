"""Results as Plotly figures, each with the table that says the same."""

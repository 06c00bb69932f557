"""Writers that know no subject: diagnostics, GitHub, SARIF, JUnit, JSON, Markdown, pictures."""

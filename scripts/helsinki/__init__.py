"""The steps that turn an OpenStreetMap extract into the bundled Helsinki station area."""

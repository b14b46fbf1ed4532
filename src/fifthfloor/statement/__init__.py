"""The signed record that binds a published photograph to its original."""

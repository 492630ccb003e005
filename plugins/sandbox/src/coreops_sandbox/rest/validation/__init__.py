"""What Discord demands of messages, components, modals and commands."""

"""What the person who typed the command can put right."""


class ConfigError(Exception):
    """The command or its config is wrong; the message, one line, says what, where and what would be right."""


class RunError(Exception):
    """The machine let a run down, such as a full disk; the message is one line that says what and where."""

"""Whether a program runs for a preview or for an `up`, which the engine tells a plugin of no diff."""

from typing import Dict

import pulumi
from pulumi.runtime.mocks import MockMonitor


def moment() -> Dict[str, bool]:
    """Tests of programs see what these declare alone."""
    if isinstance(pulumi.runtime.settings.get_monitor(), MockMonitor):
        return {}
    return {"isPreview": pulumi.runtime.is_dry_run()}

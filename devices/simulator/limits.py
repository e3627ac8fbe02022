"""How many connections this process may have open at once."""

import resource

from core.errors import Invalid

FILES_BESIDES = 100
"""Files that the process has open besides its connections."""


def room_for(connections: int) -> None:
    """Let this process open so many connections; Invalid, with what is possible, where it may not."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = connections + FILES_BESIDES
    if hard != resource.RLIM_INFINITY and wanted > hard:
        most = max(0, hard - FILES_BESIDES)
        raise Invalid(
            {
                "fleet": f"This process may have {hard} files open, which is enough for {most} connections: "
                "ask for fewer, or raise the hard limit (ulimit -Hn)."
            }
        )
    if soft != resource.RLIM_INFINITY and wanted > soft:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted if hard == resource.RLIM_INFINITY else hard, hard))

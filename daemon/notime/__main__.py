"""`python -m notime`."""

import sys

from notime.cli.main import main

sys.exit(main())

"""lit's view of a source with expectations: the file is the test, check-expect.py decides."""

import subprocess

import lit.formats
import lit.Test


class ExpectationFormat(lit.formats.FileBasedTest):
    def execute(self, test, lit_config):
        run = subprocess.run([*test.config.check_expect, test.getSourcePath()], env=test.config.environment,
                             stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace")
        return (lit.Test.PASS if run.returncode == 0 else lit.Test.FAIL), run.stdout

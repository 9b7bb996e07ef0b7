"""lit's view of a source with expectations: the file is the test, check-expect.py decides, and check-run.py after it where
the folder asks for it with `config.run_programs`."""

import subprocess

import lit.formats
import lit.Test

NOTHING_ASKED = 77  # as in check-expect.py


class ExpectationFormat(lit.formats.FileBasedTest):
    def execute(self, test, lit_config):
        commands = [test.config.check_expect]
        if test.config.run_programs and test.config.check_run:
            commands.append(test.config.check_run)
        runs = [subprocess.run([*command, test.getSourcePath()], env=test.config.environment, stdout=subprocess.PIPE,
                               stderr=subprocess.STDOUT, text=True, errors="replace") for command in commands]
        output = "".join(run.stdout for run in runs)
        if runs[0].returncode == NOTHING_ASKED:
            test.requires.append("libc++")
            return lit.Test.UNSUPPORTED, output
        passed = all(run.returncode == 0 for run in runs)
        return (lit.Test.PASS if passed else lit.Test.FAIL), output

"""The lit suites: every folder of test/ without a CMakeLists.txt, or with a lit.local.cfg.

A test is a file with RUN lines; in folders whose lit.local.cfg sets `config.test_format = config.expectation_format` it
is a source whose expectations stand at the end of its lines (tools/expectations.py).

Substitutions: %clang and %clangxx (of the LLVM that the plugin is built for), %other-clang and %other-clangxx (the other
supported LLVM), %llvm and %other-llvm (folders of their tools), %plugin, %emm, %runtime (include flags of the map runtime),
%maplib (its library), %check-expect, %check-program, %compare-objects, %same-code, %python, %examples, %source,
%build, %tools, %other-build and %other-major (of the other LLVM's preset). Features: llvm-22, llvm-19, libc++, other-build (that
preset is built).
"""

import os
import sys

import lit.formats

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "tools"))
from expectation_format import ExpectationFormat  # noqa: E402

config.name = "emm"
config.test_format = lit.formats.ShTest(execute_external=False)
config.expectation_format = ExpectationFormat()
config.run_programs = False
config.suffixes = [".test", ".c", ".cpp", ".ll", ".yaml"]
config.excludes = ["Inputs", "tools", "CMakeLists.txt"]
config.test_source_root = os.path.dirname(__file__)
config.test_exec_root = os.path.join(config.emm_build, "test")

llvm_bin = f"/usr/lib/llvm-{config.llvm_version}/bin"
other = {"22": "19", "19": "22"}[config.llvm_version]
tools = os.path.join(config.test_source_root, "tools")
runtime = os.path.join(config.emm_source, "runtime", "include")
clang, clangxx = f"{llvm_bin}/clang", f"{llvm_bin}/clang++"
emm = os.path.join(config.emm_build, "bin", "emm")
plugin = os.path.join(config.emm_build, "lib", "emm.so")
maplib = os.path.join(config.emm_build, "lib", "libemm_map.a")
schedule = os.path.join(config.emm_build, "test", "schedule.o")
maplib_thread = os.path.join(config.emm_build, "test", "libemm_map_thread.a")

other_build = os.path.join(os.path.dirname(config.emm_build), {"22": "release", "19": "llvm19"}[other])

config.available_features.add(f"llvm-{config.llvm_version}")
if os.path.exists(os.path.join(other_build, "lib", "emm.so")):
    config.available_features.add("other-build")
config.check_expect = [config.python, f"{tools}/check-expect.py", f"--clang={clang}", f"--clangxx={clangxx}",
                       f"--plugin={plugin}", f"--emm={emm}", f"-I{runtime}"]
# Programs run under the sanitizers of one compiler: what they show does not depend on the plugin.
config.check_run = [config.python, f"{tools}/check-run.py", f"--clang={clang}", f"--clangxx={clangxx}", f"-I{runtime}",
                    f"--maplib={maplib}", f"--maplib-thread={maplib_thread}", f"--schedule={schedule}"] if config.llvm_version == "22" else []
# Debian's libc++ packages of two LLVM versions exclude each other; tools/packages names that of 22.
if config.llvm_version == "22":
    config.available_features.add("libc++")
else:
    config.check_expect.append("--absent-stdlib=libc++")
config.substitutions += [
    ("%check-expect", " ".join(config.check_expect)),
    ("%check-program", f"{config.python} {tools}/check-program.py {clang} {clangxx} {plugin} {emm}"),
    ("%compare-objects", f"{config.python} {tools}/compare-objects.py"),
    ("%same-code", f"{config.python} {tools}/same-code.py --clang={clang} --clangxx={clangxx} --plugin={plugin}"),
    ("%other-build", other_build),
    ("%other-major", other),
    ("%other-llvm", f"/usr/lib/llvm-{other}/bin"),
    ("%other-clangxx", f"/usr/lib/llvm-{other}/bin/clang++"),
    ("%other-clang", f"/usr/lib/llvm-{other}/bin/clang"),
    ("%clangxx", clangxx),
    ("%clang", clang),
    ("%llvm", llvm_bin),
    ("%plugin", plugin),
    ("%emm", emm),
    ("%examples", os.path.join(config.test_source_root, "examples")),
    ("%runtime", f"-I{runtime}"),
    ("%maplib", maplib),
    ("%source", config.emm_source),
    ("%build", config.emm_build),
    ("%tools", tools),
    ("%python", config.python),
]

# What a test prints must not depend on who runs it.
for name in [n for n in os.environ if n.startswith(("EMM", "CCC_", "CCACHE"))]:
    config.environment.pop(name, None)
config.environment.update(LC_ALL="C", NO_COLOR="1", CCACHE_DISABLE="1",
                          PATH=os.pathsep.join([llvm_bin, config.environment.get("PATH", os.environ["PATH"])]))
for name in ("HOME", "ASAN_OPTIONS", "LD_PRELOAD"):
    if name in os.environ:
        config.environment[name] = os.environ[name]

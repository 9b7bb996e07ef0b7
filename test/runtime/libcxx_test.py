"""The headers compile without a warning against LLVM's C++ library as C++17 and C++20, and a program with them runs.

usage: libcxx_test.py CLANG++ LIBRARY INCLUDE SOURCE WORK

Linked statically: Debian's libc++-22-dev brings the headers and the static library of 22 but depends on the shared library of 19
(libc++1-19), which lacks functions that the headers call (std::__hash_memory). libemm_map itself needs no C++ library.
"""
import subprocess
import sys

clang, library, include, source, work = sys.argv[1:]
for standard in ("c++17", "c++20"):
    program = "%s/libcxx_target-%s" % (work, standard)
    subprocess.run([clang, "-std=" + standard, "-stdlib=libc++", "-static-libstdc++", "-O1", "-Wall", "-Wextra", "-Werror", "-I" + include,
                    source, "-Wl,-u,emm_map_runtime", library, "-ldl", "-pthread", "-o", program], check=True)
    out = subprocess.run([program], check=True, text=True, stdout=subprocess.PIPE).stdout
    if out != "499500 0 1 in order\n":
        sys.exit("%s: %r" % (standard, out))

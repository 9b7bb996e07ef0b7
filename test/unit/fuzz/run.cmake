# Runs the fuzzer over the corpus and then for a bounded number of inputs. FUZZER, CORPUS, WORK come from the test.
file(GLOB INPUTS ${CORPUS}/*)
list(LENGTH INPUTS COUNT)
if(COUNT LESS 10)
  message(FATAL_ERROR "the kept corpus in ${CORPUS} has only ${COUNT} inputs")
endif()
file(MAKE_DIRECTORY ${WORK}/found)
execute_process(COMMAND ${FUZZER} ${INPUTS} WORKING_DIRECTORY ${WORK} RESULT_VARIABLE RESULT)
if(RESULT)
  message(FATAL_ERROR "the kept corpus fails: ${RESULT}")
endif()
# A fixed seed and number of runs, and no limit of time but the test's: the same inputs on any machine. Longer searches are run by hand: reader_fuzzer DIR.
execute_process(COMMAND ${FUZZER} -seed=1 -runs=20000 -max_len=4096 -print_final_stats=1
                ${WORK}/found ${CORPUS} WORKING_DIRECTORY ${WORK} RESULT_VARIABLE RESULT)
if(RESULT)
  message(FATAL_ERROR "the fuzzer found something: ${RESULT}; the input stands in ${WORK}")
endif()

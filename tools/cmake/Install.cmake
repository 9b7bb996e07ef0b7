# What `cmake --install` and `cpack` put where. The tree is relocatable: the tools find the plugin as ../lib/emm.so from
# their own folder, and emmConfig.cmake finds everything from its own. Builds for several LLVMs may go into one tree: each
# has its plugin as lib/emm-MAJOR.so, lib/emm.so is the last one's, and each hands over to the one that the clang needs.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

set(EMM_INSTALL_CMAKE lib/cmake/emm)

install(FILES $<TARGET_FILE:emm_plugin> DESTINATION lib RENAME emm-${EMM_LLVM_VERSION}.so)
install(CODE "file(CREATE_LINK emm-${EMM_LLVM_VERSION}.so \"\$ENV{DESTDIR}\${CMAKE_INSTALL_PREFIX}/lib/emm.so\" SYMBOLIC)")
if(TARGET emm)
  install(TARGETS emm RUNTIME DESTINATION bin)
endif()
# The runtime's own CMakeLists.txt puts its library and headers into this export set.
install(EXPORT emmTargets NAMESPACE emm:: DESTINATION ${EMM_INSTALL_CMAKE})
install(FILES ${PROJECT_SOURCE_DIR}/LICENSE DESTINATION share/doc/emm RENAME copyright)
install(FILES ${PROJECT_SOURCE_DIR}/README.md DESTINATION share/doc/emm OPTIONAL)

configure_package_config_file(${CMAKE_CURRENT_LIST_DIR}/emmConfig.cmake.in ${PROJECT_BINARY_DIR}/emmConfig.cmake
                              INSTALL_DESTINATION ${EMM_INSTALL_CMAKE})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/emmConfigVersion.cmake COMPATIBILITY SameMajorVersion)
install(FILES ${PROJECT_BINARY_DIR}/emmConfig.cmake ${PROJECT_BINARY_DIR}/emmConfigVersion.cmake
        DESTINATION ${EMM_INSTALL_CMAKE})

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME emm)
set(CPACK_PACKAGE_VENDOR "the emm authors")
set(CPACK_PACKAGE_CONTACT "the emm authors <emm@localhost>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "escape, map, lock and inlining diagnostics for C and C++")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION devel)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS clang-${EMM_LLVM_VERSION})
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION
    "A pass plugin for clang ${EMM_LLVM_VERSION} that reports what Go's -gcflags=\"-m -m\" reports and more:\n"
    "allocations that escape, captured maps, inlining decisions, map accesses and shared variables without the lock or the\n"
    "atomic operation they need. With tools that read the record as log, pages and CI gate, and a Go-style map runtime.")
list(JOIN CPACK_DEBIAN_PACKAGE_DESCRIPTION "" CPACK_DEBIAN_PACKAGE_DESCRIPTION)
include(CPack)

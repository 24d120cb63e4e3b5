# paxid_add_proto(target ROOT dir a/b.proto ...)
# A static library with the messages and gRPC services of the protos below ROOT. Its headers
# are SYSTEM headers: warnings of generated code are not ours to mend.
function(paxid_add_proto target)
  cmake_parse_arguments(A "" "ROOT" "" ${ARGN})
  set(gen ${CMAKE_CURRENT_BINARY_DIR}/gen)
  file(MAKE_DIRECTORY ${gen})
  set(messages)
  set(services)
  foreach(proto IN LISTS A_UNPARSED_ARGUMENTS)
    string(REGEX REPLACE "\\.proto$" "" base ${proto})
    # The service source comes first: protoc's dependency file names it first, and Ninja
    # rebuilds everything each time when the two disagree.
    add_custom_command(
      OUTPUT ${gen}/${base}.grpc.pb.cc ${gen}/${base}.grpc.pb.h ${gen}/${base}.pb.cc ${gen}/${base}.pb.h
      COMMAND protobuf::protoc -I ${A_ROOT} --cpp_out=${gen} --grpc_out=${gen}
              --plugin=protoc-gen-grpc=$<TARGET_FILE:gRPC::grpc_cpp_plugin>
              --dependency_out=${gen}/${base}.d ${proto}
      DEPENDS ${A_ROOT}/${proto} protobuf::protoc gRPC::grpc_cpp_plugin
      DEPFILE ${gen}/${base}.d
      WORKING_DIRECTORY ${A_ROOT}
      VERBATIM)
    list(APPEND messages ${gen}/${base}.pb.cc)
    list(APPEND services ${gen}/${base}.grpc.pb.cc)
  endforeach()
  # One unit for all services saves half their compile time; message sources redefine file
  # statics in protobuf 3.21 and stay alone.
  set_source_files_properties(${messages} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
  add_library(${target} STATIC ${messages} ${services})
  target_compile_features(${target} PUBLIC cxx_std_20)
  target_include_directories(${target} SYSTEM PUBLIC $<BUILD_INTERFACE:${gen}>)
  target_link_libraries(${target} PUBLIC gRPC::grpc++ protobuf::libprotobuf)
  set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE 8 CXX_CLANG_TIDY "")
endfunction()

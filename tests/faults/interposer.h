#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>

#include "tests/integration/server_process.h"

namespace paxid::faults {

// Of a program that runs with the interposer: how many calls there were, and of them those that
// failed.
class FaultCounter {
 public:
  struct Counted {
    std::uint64_t calls = 0, failed = 0;
  };

  explicit FaultCounter(std::string file) : file_(std::move(file)) { begin_anew(); }

  void begin_anew() const {
    const Counted none;
    std::ofstream(file_, std::ios::binary | std::ios::trunc)
        .write(reinterpret_cast<const char*>(&none), sizeof none);
  }
  Counted counted() const {
    Counted result;
    std::ifstream(file_, std::ios::binary).read(reinterpret_cast<char*>(&result), sizeof result);
    return result;
  }
  // With it the call of this number, from 1 on, on a file below the directory fails: see
  // interposer.cpp.
  integration::Environment environment(const std::string& under, const std::string& call,
                                       std::uint64_t number, const std::string& kind) const {
    return {{"LD_PRELOAD", PAXID_FAULT_INTERPOSER},
            // The sanitizer wants to be the first library.
            {"ASAN_OPTIONS", "verify_asan_link_order=0:detect_leaks=0"},
            {"PAXID_FAULT_UNDER", std::filesystem::canonical(under).string()},
            {"PAXID_FAULT_CALL", call},
            {"PAXID_FAULT_NUMBER", std::to_string(number)},
            {"PAXID_FAULT_KIND", kind},
            {"PAXID_FAULT_COUNTER", file_}};
  }

 private:
  std::string file_;
};

}  // namespace paxid::faults

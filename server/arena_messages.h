#pragma once

#include <google/protobuf/arena.h>
#include <grpcpp/support/message_allocator.h>

#include <array>
#include <cstddef>

namespace paxid::server {

// Request and response of a unary call in one block of memory, for
// CallbackService::SetMessageAllocatorFor_…: a message has dozens of parts, and they are made on
// one thread and freed on another. Must outlive the server. Thread-safe.
template <class Request, class Response>
class ArenaMessages final : public grpc::MessageAllocator<Request, Response> {
 public:
  grpc::MessageHolder<Request, Response>* AllocateMessages() override { return new Messages; }

 private:
  // Holds a usual verification; a larger one gets further blocks.
  static constexpr std::size_t kUsualBytes = 6144;

  class Messages final : public grpc::MessageHolder<Request, Response> {
   public:
    Messages() : arena_(block_.data(), block_.size()) {
      this->set_request(google::protobuf::Arena::CreateMessage<Request>(&arena_));
      this->set_response(google::protobuf::Arena::CreateMessage<Response>(&arena_));
    }
    void Release() override { delete this; }

   private:
    alignas(std::max_align_t) std::array<char, kUsualBytes> block_;
    google::protobuf::Arena arena_;
  };
};

}  // namespace paxid::server

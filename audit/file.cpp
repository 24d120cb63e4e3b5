#include "audit/file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

namespace paxid::audit {
namespace {

using base::ErrorCode;

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  bool valid() const { return fd_ >= 0; }
  int get() const { return fd_; }

 private:
  int fd_;
};

tl::unexpected<base::Error> file_error(const std::string& path, std::string_view what, int number) {
  ErrorCode code = ErrorCode::kUnavailable;
  if (number == ENOENT) code = ErrorCode::kNotFound;
  if (number == EEXIST) code = ErrorCode::kAlreadyExists;
  if (number == EACCES || number == EPERM) code = ErrorCode::kFailedPrecondition;
  if (number == ENOSPC || number == EDQUOT) code = ErrorCode::kResourceExhausted;
  return base::fail(code, path + ": " + std::string(what) + ": " + std::strerror(number));
}

base::Result<void> sync_directory_of(const std::string& path) {
  std::string directory = std::filesystem::path(path).parent_path().string();
  if (directory.empty()) directory = ".";
  Descriptor fd(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fd.valid()) return file_error(directory, "cannot open", errno);
  if (::fsync(fd.get()) != 0) return file_error(directory, "cannot sync", errno);
  return {};
}

// See audit/file.h: root leaves nothing behind that the service could not read.
void give_to_owner_of_directory(const std::string& path) {
  if (::geteuid() != 0) return;
  std::string directory = std::filesystem::path(path).parent_path().string();
  if (directory.empty()) directory = ".";
  struct stat status {};
  if (::stat(directory.c_str(), &status) != 0 || status.st_uid == 0) return;
  // Without it the service says which file it cannot read.
  if (::lchown(path.c_str(), status.st_uid, status.st_gid) != 0) return;
}

base::Result<void> write_synced(int fd, const std::string& path, ByteView content) {
  while (!content.empty()) {
    const ssize_t written = ::write(fd, content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return file_error(path, "cannot write", errno);
    content = content.subspan(static_cast<std::size_t>(written));
  }
  if (::fsync(fd) != 0) return file_error(path, "cannot sync", errno);
  return {};
}

base::Result<void> read_into(const std::string& path, bool must_be_private, std::size_t limit,
                             base::SecretBytes& out) {
  Descriptor fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd.valid()) return file_error(path, "cannot open", errno);
  struct stat status {};
  if (::fstat(fd.get(), &status) != 0) return file_error(path, "cannot stat", errno);
  if (!S_ISREG(status.st_mode)) {
    return base::fail(ErrorCode::kFailedPrecondition, path + ": not a regular file");
  }
  if (must_be_private && (status.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
    return base::fail(ErrorCode::kFailedPrecondition,
                      path + ": others may use this key; set its mode to 0600");
  }
  if (static_cast<std::size_t>(status.st_size) > limit) {
    return base::fail(ErrorCode::kFailedPrecondition, path + ": larger than it may be");
  }
  out = base::SecretBytes(static_cast<std::size_t>(status.st_size));
  std::size_t read = 0;
  while (read < out.size()) {
    const ssize_t got = ::read(fd.get(), out.fill().data() + read, out.size() - read);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return file_error(path, "cannot read", got < 0 ? errno : EIO);
    read += static_cast<std::size_t>(got);
  }
  return {};
}

base::Result<void> replace_with_mode(const std::string& path, ByteView content, mode_t mode) {
  const std::string fresh = path + ".new";
  {
    Descriptor fd(::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
    if (!fd.valid()) return file_error(fresh, "cannot create", errno);
    // Whatever the umask is.
    if (::fchmod(fd.get(), mode) != 0) return file_error(fresh, "cannot set the mode", errno);
    give_to_owner_of_directory(fresh);
    if (auto written = write_synced(fd.get(), fresh, content); !written) return written;
  }
  return rename_file(fresh, path);
}

}  // namespace

bool file_exists(const std::string& path) { return ::access(path.c_str(), F_OK) == 0; }

base::Result<std::string> read_file(const std::string& path, std::size_t limit) {
  base::SecretBytes content;
  if (auto read = read_into(path, false, limit, content); !read) {
    return tl::unexpected(read.error());
  }
  return std::string(content.reveal().begin(), content.reveal().end());
}

base::Result<base::SecretBytes> read_private_file(const std::string& path, std::size_t limit) {
  base::SecretBytes content;
  if (auto read = read_into(path, true, limit, content); !read) {
    return tl::unexpected(read.error());
  }
  return content;
}

base::Result<base::SecretBytes> read_secret_file(const std::string& path, std::size_t limit) {
  base::SecretBytes content;
  if (auto read = read_into(path, false, limit, content); !read) {
    return tl::unexpected(read.error());
  }
  return content;
}

base::Result<void> create_private_file(const std::string& path, ByteView content) {
  if (!content.empty()) {
    if (file_exists(path)) return file_error(path, "cannot create", EEXIST);
    return replace_file(path, content);
  }
  {
    Descriptor fd(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    if (!fd.valid()) return file_error(path, "cannot create", errno);
    give_to_owner_of_directory(path);
  }
  return sync_directory_of(path);
}

base::Result<void> replace_file(const std::string& path, ByteView content) {
  return replace_with_mode(path, content, 0600);
}

base::Result<void> replace_public_file(const std::string& path, ByteView content) {
  return replace_with_mode(path, content, 0644);
}

base::Result<void> append_synced(const std::string& path, ByteView content) {
  const bool is_new = !file_exists(path);
  {
    Descriptor fd(::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
    if (!fd.valid()) return file_error(path, "cannot open", errno);
    if (is_new) give_to_owner_of_directory(path);
    if (auto written = write_synced(fd.get(), path, content); !written) return written;
  }
  return is_new ? sync_directory_of(path) : base::Result<void>{};
}

base::Result<void> destroy_file(const std::string& path) {
  {
    Descriptor fd(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
    if (!fd.valid() && errno == ENOENT) return {};
    if (!fd.valid()) return file_error(path, "cannot open", errno);
    struct stat status {};
    if (::fstat(fd.get(), &status) != 0) return file_error(path, "cannot stat", errno);
    if (static_cast<std::size_t>(status.st_size) > kMaxKeyFileBytes) {
      return base::fail(ErrorCode::kFailedPrecondition, path + ": larger than a key may be");
    }
    const Bytes zeros(static_cast<std::size_t>(status.st_size));
    if (auto written = write_synced(fd.get(), path, zeros); !written) return written;
  }
  if (::unlink(path.c_str()) != 0) return file_error(path, "cannot remove", errno);
  return sync_directory_of(path);
}

base::Result<void> rename_file(const std::string& from, const std::string& to) {
  if (::rename(from.c_str(), to.c_str()) != 0) return file_error(to, "cannot replace", errno);
  return sync_directory_of(to);
}

base::Result<void> make_private_directory(const std::string& path) {
  using std::filesystem::perms;
  std::error_code error;
  const bool is_new = !std::filesystem::is_directory(path, error);
  if (is_new) std::filesystem::create_directories(path, error);
  if (is_new && !error) std::filesystem::permissions(path, perms::owner_all, error);
  const auto status = std::filesystem::status(path, error);
  if (error) {
    return base::fail(ErrorCode::kFailedPrecondition, path + ": " + error.message(), "directory");
  }
  if (is_new) give_to_owner_of_directory(path);
  if ((status.permissions() & (perms::group_all | perms::others_all)) != perms::none) {
    return base::fail(ErrorCode::kFailedPrecondition,
                      path + ": others may enter it; run: chmod 700 " + path, "directory");
  }
  return {};
}

base::Result<void> make_public_directories(const std::string& path) {
  std::error_code error;
  if (std::filesystem::is_directory(path, error)) return {};
  const std::string above = std::filesystem::path(path).parent_path().string();
  if (!above.empty()) {
    if (auto made = make_public_directories(above); !made) return made;
  }
  if (::mkdir(path.c_str(), 0700) != 0) return file_error(path, "cannot create", errno);
  give_to_owner_of_directory(path);
  if (::chmod(path.c_str(), 0755) != 0) return file_error(path, "cannot set the mode", errno);
  return sync_directory_of(path);
}

base::Result<void> make_empty_directory(const std::string& path) {
  std::error_code error;
  const bool there = std::filesystem::is_directory(path, error);
  const bool empty = !there || std::filesystem::is_empty(path, error);
  if (there && error) return base::fail(ErrorCode::kUnavailable, path + ": " + error.message());
  if (!empty) return base::fail(ErrorCode::kAlreadyExists, path + ": there is something in it");
  if (auto made = make_private_directory(path); !made) return made;
  return sync_directory_of(path);
}

}  // namespace paxid::audit

// What libraries still hold when the program ends, and the sanitizer would report: the scene graph
// of Qt Quick 6.4 for its painting, and gRPC's threads of a connection that they are taking apart,
// or of a handshake that a dead server left. What is made elsewhere is still reported.
extern "C" const char* __lsan_default_suppressions();
extern "C" const char* __lsan_default_suppressions() {
  return "leak:QImageData::create\n"
         "leak:libQt6Gui.so\n"
         "leak:libQt6Quick.so\n"
         "leak:libcrypto.so\n"
         "leak:libssl.so\n";
}

package dev.latchkey.bench;

/// What takes webhooks. The second shows what is left of the time if nothing is kept.
enum ServerPeer {
  SERVER("server", "dev.latchkey.server.Main"),
  STORELESS("store left out", StorelessServer.class.getName());

  private final String title;
  private final String mainClass;

  ServerPeer(String title, String mainClass) {
    this.title = title;
    this.mainClass = mainClass;
  }

  String title() {
    return title;
  }

  String mainClass() {
    return mainClass;
  }
}

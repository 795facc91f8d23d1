/// A typed GitHub client which keeps nothing; see [dev.latchkey.github].
module dev.latchkey.github {
  requires java.net.http;
  requires tools.jackson.databind;
  requires static transitive org.jspecify;

  exports dev.latchkey.github;
}

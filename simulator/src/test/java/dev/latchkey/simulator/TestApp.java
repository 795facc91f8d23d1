package dev.latchkey.simulator;

import dev.latchkey.testkit.ManualClock;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.logging.Level;
import java.util.logging.Logger;

/// A registered App with one repository, and its requests.
final class TestApp implements AutoCloseable {
  static final String ID = "4711";
  static final String SECRET = "a secret for the tests only";
  static final KeyPair KEYS = keys();
  static final String BASE = "b".repeat(40);
  static final String HEAD = "c".repeat(40);

  /// Adds the lines 2 and 3, deletes the old line 2; a second hunk adds line 11.
  static final String PATCH =
      """
      @@ -1,3 +1,4 @@
       one
      -two
      +two and
      +a half
       three
      @@ -9,2 +10,3 @@ section
       nine
      +nine and a half
       ten\
      """;

  /// Held, because a logger that nobody holds forgets its level.
  private static final Logger SERVER_LOG = Logger.getLogger("io.helidon");

  static {
    SERVER_LOG.setLevel(Level.WARNING);
  }

  private final ManualClock clock = ManualClock.at("2026-11-01T12:00:00Z");
  private final SimulatedGitHub github;
  private final SimulatedRepository repository;

  TestApp() {
    this(
        SimulatedGitHubOptions.of(
                ManualClock.at("2026-11-01T12:00:00Z"), ID, KEYS.getPublic(), SECRET)
            .permissions());
  }

  TestApp(Map<String, String> permissions) {
    this(options -> options.withPermissions(permissions));
  }

  TestApp(UnaryOperator<SimulatedGitHubOptions> change) {
    github =
        SimulatedGitHub.start(
            change.apply(SimulatedGitHubOptions.of(clock, ID, KEYS.getPublic(), SECRET)));
    repository = github.addRepository("octo", "parcels");
  }

  ManualClock clock() {
    return clock;
  }

  SimulatedGitHub github() {
    return github;
  }

  SimulatedRepository repository() {
    return repository;
  }

  /// Opens pull request 1 with one file that has [#PATCH].
  int open() {
    return open(List.of(SimulatedFile.modified("src/Main.java", PATCH)));
  }

  int open(List<SimulatedFile> files) {
    return github.open(repository, change(files));
  }

  static ProposedChange change(List<SimulatedFile> files) {
    return new ProposedChange("A change", "What it does", "mira", BASE, HEAD, false, files);
  }

  /// A valid token of the App, signed by it.
  String jwt() {
    var now = clock.instant().getEpochSecond();
    return jwt("RS256", claims(now - 60, now + 540, "\"" + ID + "\""));
  }

  static String claims(long issuedAt, long expires, String issuer) {
    return "{\"iat\":%d,\"exp\":%d,\"iss\":%s}".formatted(issuedAt, expires, issuer);
  }

  static String jwt(String algorithm, String claims) {
    var header = "{\"alg\":\"" + algorithm + "\",\"typ\":\"JWT\"}";
    return jwt(KEYS, encoded(header) + "." + encoded(claims));
  }

  static String jwt(KeyPair keys, String content) {
    try {
      var signature = Signature.getInstance("SHA256withRSA");
      signature.initSign(keys.getPrivate());
      signature.update(content.getBytes(StandardCharsets.US_ASCII));
      return content
          + "."
          + Base64.getUrlEncoder().withoutPadding().encodeToString(signature.sign());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  static String encoded(String text) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  /// A token for everything the App may do.
  String token() throws IOException {
    return token("{}");
  }

  String token(String request) throws IOException {
    return tokenAnswer(request).json().path("token").asString();
  }

  PlainHttp.Answer tokenAnswer(String request) throws IOException {
    var path = "/app/installations/" + repository.installation() + "/access_tokens";
    return send("POST", path, jwt(), request);
  }

  PlainHttp.Answer get(String path) throws IOException {
    return send("GET", "/repos/octo/parcels" + path, token(), "");
  }

  /// As [#get] with one more header.
  PlainHttp.Answer get(String path, String header, String value) throws IOException {
    return PlainHttp.send(
        "GET",
        URI.create(github.uri() + "/repos/octo/parcels" + path),
        Map.of("User-Agent", "a-test", "Authorization", "Bearer " + token(), header, value),
        "");
  }

  /// What the App itself asks for.
  PlainHttp.Answer asApp(String method, String path) throws IOException {
    return send(method, path, jwt(), "");
  }

  PlainHttp.Answer post(String path, String body) throws IOException {
    return send("POST", "/repos/octo/parcels" + path, token(), body);
  }

  PlainHttp.Answer patch(String path, String body) throws IOException {
    return send("PATCH", "/repos/octo/parcels" + path, token(), body);
  }

  PlainHttp.Answer delete(String path) throws IOException {
    return send("DELETE", "/repos/octo/parcels" + path, token(), "");
  }

  PlainHttp.Answer send(String method, String path, String token, String body) throws IOException {
    return PlainHttp.send(
        method,
        URI.create(github.uri() + path),
        Map.of("User-Agent", "a-test", "Authorization", "Bearer " + token),
        body);
  }

  @Override
  public void close() {
    github.close();
  }

  static KeyPair keys() {
    try {
      var generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(2048);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}

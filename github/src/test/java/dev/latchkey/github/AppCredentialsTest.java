package dev.latchkey.github;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.PublicKey;
import java.security.Signature;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class AppCredentialsTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

  @TempDir private Path folder;

  @Test
  void jwtIsSignedAndDatedAMinuteBackForNineMinutes() throws Exception {
    AppCredentials credentials = AppCredentials.of("4711", Keys.pkcs8(Keys.RSA));

    String[] jwt = credentials.jwt(NOW).reveal().split("\\.", -1);

    assertThat(decoded(jwt[0])).isEqualTo("{\"alg\":\"RS256\",\"typ\":\"JWT\"}");
    long now = NOW.getEpochSecond();
    assertThat(decoded(jwt[1]))
        .isEqualTo("{\"iat\":%d,\"exp\":%d,\"iss\":\"4711\"}".formatted(now - 60, now + 480));
    assertThat(signedBy(Keys.RSA.getPublic(), jwt)).isTrue();
  }

  static Stream<String> wellFormedKeys() {
    String pkcs1 = Keys.pkcs1(Keys.RSA);
    String pkcs8 = Keys.pkcs8(Keys.RSA);
    return Stream.of(
        pkcs1,
        pkcs8,
        pkcs1.replace("\n", "\r\n"),
        pkcs8.replace("\n", "\\n"),
        pkcs1.strip(),
        "Bag Attributes\n  friendlyName: x\n" + pkcs8 + "\n\n");
  }

  @ParameterizedTest
  @MethodSource("wellFormedKeys")
  void eachFormOfTheKeySignsTheSame(String pem) throws Exception {
    AppCredentials credentials = AppCredentials.of("Iv23liabc", pem);

    String[] jwt = credentials.jwt(NOW).reveal().split("\\.", -1);

    assertThat(signedBy(Keys.RSA.getPublic(), jwt)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"rw-------", "r--------"})
  void aFileOfItsOwnersOnlyIsRead(String mode) throws Exception {
    Path file = file(Keys.pkcs1(Keys.RSA), mode);

    AppCredentials credentials = AppCredentials.read("4711", file);

    assertThat(signedBy(Keys.RSA.getPublic(), credentials.jwt(NOW).reveal().split("\\.", -1)))
        .isTrue();
    assertThat(credentials).hasToString("AppCredentials[4711]");
  }

  @ParameterizedTest
  @ValueSource(strings = {"rw-r--r--", "rw-r-----", "rw----r--", "rw--w----", "rw------x"})
  void aFileOpenToOthersIsRefused(String mode) throws Exception {
    Path file = file(Keys.pkcs1(Keys.RSA), mode);

    assertRefused(() -> AppCredentials.read("4711", file), file + " has mode " + mode, "0600");
  }

  @Test
  void aMissingFileAndAFolderAreRefused() {
    Path missing = folder.resolve("none.pem");

    assertRefused(() -> AppCredentials.read("4711", missing), missing + " does not exist");
    assertRefused(() -> AppCredentials.read("4711", folder), folder + " is not a regular file");
  }

  @Test
  void aBadFileIsNamed() throws Exception {
    Path file = file("garbage", "rw-------");

    assertRefused(() -> AppCredentials.read("4711", file), file + " is not PEM", "RSA private key");
  }

  static Stream<List<String>> badKeys() {
    String pkcs1 = Keys.pkcs1(Keys.RSA);
    String body = pkcs1.replaceAll("-----[A-Z ]+-----", "").strip();
    String ec = Keys.pem("PRIVATE KEY", Keys.generate("EC", 256).getPrivate().getEncoded());
    return Stream.of(
        List.of("", "is not PEM"),
        List.of("garbage", "is not PEM"),
        List.of(body, "is not PEM"),
        List.of(pkcs1.substring(0, pkcs1.length() / 2), "is not PEM"),
        List.of(pkcs1.replace("END RSA PRIVATE", "END PRIVATE"), "is not PEM"),
        List.of(pkcs1.replace("\nM", "\n*"), "base64"),
        List.of(Keys.pem("RSA PRIVATE KEY", new byte[0]), "no whole RSA private key"),
        List.of(Keys.pem("PRIVATE KEY", new byte[] {1, 2, 3}), "no whole RSA private key"),
        List.of(half(pkcs1), "no whole RSA private key"),
        List.of(ec, "no whole RSA private key"),
        List.of(ec.replace("PRIVATE", "EC PRIVATE"), "holds an EC PRIVATE KEY"),
        List.of(Keys.pem("PUBLIC KEY", Keys.RSA.getPublic().getEncoded()), "holds a PUBLIC KEY"),
        List.of(pkcs1.replace("RSA PRIVATE", "ENCRYPTED PRIVATE"), "an ENCRYPTED PRIVATE KEY"),
        List.of(
            pkcs1.replace("KEY-----\nM", "KEY-----\nProc-Type: 4,ENCRYPTED\n\nM"), "passphrase"),
        List.of(Keys.pkcs8(Keys.generate("RSA", 1024)), "1024 bits, at least 2048"),
        List.of("x".repeat(70_000), "64 KiB"));
  }

  @ParameterizedTest
  @MethodSource("badKeys")
  void aBadKeyIsRefusedInOneLineWithoutAnyOfIt(List<String> pemAndComplaint) {
    assertRefused(
        () -> AppCredentials.of("4711", pemAndComplaint.get(0)),
        "the private key",
        pemAndComplaint.get(1));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "4711\n", "a\"b", "12 34"})
  void whatIsNoAppIdIsRefused(String appId) {
    String pem = Keys.pkcs8(Keys.RSA);

    assertRefused(() -> AppCredentials.of(appId, pem), "the App id");
  }

  private static void assertRefused(ThrowingCallable call, String... parts) {
    assertThatThrownBy(call)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll(parts)
        .satisfies(e -> {
          assertThat(e.getMessage()).doesNotContain("\n").hasSizeLessThan(400);
          assertThat(e.getMessage()).doesNotContainPattern("[A-Za-z0-9+]{40}");
        });
  }

  /// A key cut short, well-formed as PEM.
  private static String half(String pem) {
    byte[] der = Base64.getMimeDecoder().decode(pem.replaceAll("-----[A-Z ]+-----", ""));
    return Keys.pem("RSA PRIVATE KEY", Arrays.copyOf(der, der.length / 2));
  }

  private Path file(String text, String mode) throws IOException {
    Path file = Files.writeString(folder.resolve("app.pem"), text);
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
  }

  private static String decoded(String part) {
    return new String(Base64.getUrlDecoder().decode(part), StandardCharsets.UTF_8);
  }

  private static boolean signedBy(PublicKey key, String[] jwt) throws Exception {
    Signature signature = Signature.getInstance("SHA256withRSA");
    signature.initVerify(key);
    signature.update((jwt[0] + "." + jwt[1]).getBytes(StandardCharsets.US_ASCII));
    return signature.verify(Base64.getUrlDecoder().decode(jwt[2]));
  }
}

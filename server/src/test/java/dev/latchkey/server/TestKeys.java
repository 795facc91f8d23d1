package dev.latchkey.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.util.Base64;

/// An App's key pair, made for this run of the tests.
final class TestKeys {

  private static final KeyPair PAIR = make();

  private TestKeys() {}

  static PublicKey publicKey() {
    return PAIR.getPublic();
  }

  static String privateKeyPem() {
    String lines =
        Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
            .encodeToString(PAIR.getPrivate().getEncoded());
    return "-----BEGIN PRIVATE KEY-----\n" + lines + "\n-----END PRIVATE KEY-----\n";
  }

  /// Writes the private key to a file which only its owner can read.
  static Path file(Path folder) {
    Path file = folder.resolve("app.pem");
    try {
      Files.writeString(file, privateKeyPem());
      return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static KeyPair make() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(2048);
      return generator.generateKeyPair();
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has RSA", e);
    }
  }
}

package dev.latchkey.server;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// What one review is of. Two deliveries which ask for the same key ask for the same review.
///
/// The head is not enough by itself: with another base the same head has another diff, and a round
/// is begun when somebody asks for a review again.
///
/// @param repository GitHub's id, which a rename or a transfer leaves as it is
/// @param head the commit which is reviewed, 40 or 64 hex digits
/// @param baseRef the branch which the pull request is to be merged into
/// @param round counted from 1
record ReviewKey(long repository, int number, String head, String baseRef, int round) {

  /// Returns the key as 64 hex digits. It is a hash, because a branch's name may hold what would
  /// end the HTML comment in which the key is posted.
  String hash() {
    String parts = String.join("\n", "" + repository, "" + number, head, "" + round, baseRef);
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(parts.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }
}

package dev.latchkey.github;

import java.io.ByteArrayInputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// JSON as strictly as both sides can agree on it: UTF-8, no name twice in one object, nothing
/// after the end, nested at most 1,000 deep.
final class Json {
  private static final int MAX_DEPTH = 1_000;

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(MAX_DEPTH)
                  .maxStringLength(Integer.MAX_VALUE) // The document's own cap is in force.
                  .build())
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .build();

  private static final JsonMapper MAPPER =
      JsonMapper.builder(FACTORY).enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  private Json() {}

  static ObjectNode object() {
    return MAPPER.createObjectNode();
  }

  static byte[] bytes(JsonNode node) {
    return MAPPER.writeValueAsBytes(node);
  }

  /// The whole document as a tree.
  ///
  /// @throws JacksonException whose text must not be shown: it quotes the document
  static JsonNode tree(byte[] document) {
    return MAPPER.readTree(reader(document));
  }

  /// The document, token by token.
  static JsonParser parser(byte[] document) {
    return FACTORY.createParser(ObjectReadContext.empty(), reader(document));
  }

  /// What is wrong, without quoting the document.
  static String complaint(JacksonException e) {
    String what =
        e instanceof StreamConstraintsException
            ? "is nested deeper than 1,000, or has a name or number far too long"
            : "is not JSON in UTF-8, or has a name twice in one object";
    TokenStreamLocation at = e.getLocation();
    return at == null ? what : what + ", at line " + at.getLineNr() + " column " + at.getColumnNr();
  }

  /// Decoded here, so that wrong UTF-8 is an error and no other encoding is guessed.
  private static Reader reader(byte[] document) {
    return new InputStreamReader(
        new ByteArrayInputStream(document),
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT));
  }
}

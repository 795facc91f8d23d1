package dev.latchkey.review;

import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.response.ChatResponse;

/// What one kind of endpoint wants said in its own way.
interface Dialect {
  /// LangChain4j's model for one exchange, without retries.
  ///
  /// @param all whether to send what an endpoint may not know, beside the answer's schema
  ChatModel model(ModelRequest request, Exchange exchange, boolean all);

  /// What to look at if an endpoint answers in another language.
  String hint();

  default FinishReason reason(ChatResponse response) {
    return switch (response.finishReason()) {
      case STOP -> FinishReason.STOP;
      case LENGTH -> FinishReason.LENGTH;
      case CONTENT_FILTER -> FinishReason.FILTERED;
      case TOOL_EXECUTION, OTHER -> FinishReason.OTHER;
      case null -> FinishReason.OTHER;
    };
  }
}

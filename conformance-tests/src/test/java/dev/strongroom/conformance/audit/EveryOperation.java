package dev.strongroom.conformance.audit;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.strongroom.api.Operation;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Set;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.protocol.MarshallingType;
import software.amazon.awssdk.core.traits.ListTrait;

/**
 * A request for each operation of the API, made from the model: every blob, password and token in it is a canary. Most are
 * refused; what matters is what is left behind.
 */
final class EveryOperation {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Set<String> SECRETS =
            Set.of("KeyStorePassword", "RawSecretAccessKey", "GrantToken", "GrantTokens");

    private final Canaries canaries;
    private final String keyArn;

    EveryOperation(Canaries canaries, String keyArn) {
        this.canaries = canaries;
        this.keyArn = keyArn;
    }

    /** The body of a request in which everything is filled. */
    String body(Operation operation) {
        return structure(operation.wireName(), operation.newRequestBuilder()).toString();
    }

    private ObjectNode structure(String path, SdkPojo sample) {
        var node = JSON.createObjectNode();
        for (var field : sample.sdkFields()) {
            put(node, path + "." + field.locationName(), field);
        }
        return node;
    }

    private void put(ObjectNode node, String path, SdkField<?> field) {
        var name = field.locationName();
        var type = field.marshallingType();
        if (type == MarshallingType.SDK_BYTES) {
            var secret = canaries.plant(path).getBytes(StandardCharsets.US_ASCII);
            node.put(name, Base64.getEncoder().encodeToString(secret));
        } else if (type == MarshallingType.STRING) {
            node.put(name, text(path, name));
        } else if (type == MarshallingType.LIST) {
            node.set(name, list(path, name, field));
        } else if (type == MarshallingType.MAP) {
            node.putObject(name).put("bucket", "archive");
        } else if (type == MarshallingType.SDK_POJO) {
            node.set(name, structure(path, field.constructor().get()));
        }
    }

    private ArrayNode list(String path, String name, SdkField<?> field) {
        var list = JSON.createArrayNode();
        var element = field.getTrait(ListTrait.class).memberFieldInfo();
        if (element.marshallingType() == MarshallingType.STRING) {
            list.add(text(path, name));
        } else {
            list.add(structure(path, (SdkPojo) element.constructor().get()));
        }
        return list;
    }

    private String text(String path, String name) {
        if (SECRETS.contains(name)) {
            return canaries.plant(path);
        }
        return switch (name) {
            case "KeyId", "TargetKeyId", "SourceKeyId", "DestinationKeyId" -> keyArn;
            case "AliasName" -> "alias/everything";
            default -> "x";
        };
    }
}

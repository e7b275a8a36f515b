package dev.strongroom.api;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.utils.builder.Buildable;

/** The shapes of all requests and responses. Complete when the class is loaded, so lookups need no lock. */
final class WireShapes {

    private static final Map<Operation, WireShape> REQUESTS = new EnumMap<>(Operation.class);
    private static final Map<Operation, WireShape> RESPONSES = new EnumMap<>(Operation.class);
    private static final Map<Class<?>, WireShape> BY_CLASS = new HashMap<>();
    private static final Set<Class<?>> WITHOUT_BODY = new HashSet<>();

    static {
        for (var operation : Operation.values()) {
            var request = operation.newRequestBuilder();
            var response = operation.newResponseBuilder();
            var shape = new WireShape(request);
            REQUESTS.put(operation, shape);
            BY_CLASS.put(builtClass(request), shape);
            var answer = new WireShape(response);
            RESPONSES.put(operation, answer);
            BY_CLASS.put(builtClass(response), answer);
            if (operation.output() == Operation.OutputForm.EMPTY_BODY) {
                WITHOUT_BODY.add(builtClass(response));
            }
        }
    }

    private WireShapes() {}

    private static Class<?> builtClass(SdkPojo builder) {
        return ((Buildable) builder).build().getClass();
    }

    static WireShape request(Operation operation) {
        var shape = REQUESTS.get(operation);
        if (shape == null) {
            throw new IllegalStateException("no request shape for " + operation);
        }
        return shape;
    }

    static WireShape response(Operation operation) {
        var shape = RESPONSES.get(operation);
        if (shape == null) {
            throw new IllegalStateException("no response shape for " + operation);
        }
        return shape;
    }

    /** The shape of a request or response class of KMS. */
    static WireShape of(SdkPojo message) {
        var shape = BY_CLASS.get(message.getClass());
        if (shape == null) {
            throw new IllegalArgumentException(message.getClass() + " is no request or response of KMS");
        }
        return shape;
    }

    /** Whether it is the response of an operation that answers with no byte at all. */
    static boolean isWithoutBody(SdkPojo message) {
        return WITHOUT_BODY.contains(message.getClass());
    }
}

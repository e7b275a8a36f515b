package dev.strongroom.conformance.audit;

import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiFunction;
import software.amazon.awssdk.awscore.AwsResponse;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.model.KmsResponse;

/**
 * A request for one operation and what its line in the log must hold.
 *
 * @param parameters names in {@code requestParameters}
 * @param response names in {@code responseElements} of a success; empty for null
 * @param resources of a success
 * @param failed resources of a failure: of two keys one may be there
 * @param additional names in {@code additionalEventData} of a success; empty if it is left out
 */
record LoggedCall(
        String operation,
        BiFunction<KmsClient, Things, ? extends KmsResponse> request,
        Set<String> parameters,
        Set<String> response,
        int resources,
        int failed,
        Set<String> additional) {

    /** A call of which the log says the parameters, names separated by blanks, and that it was about one key. */
    static LoggedCall of(
            String operation, String parameters, BiFunction<KmsClient, Things, ? extends KmsResponse> request) {
        return new LoggedCall(operation, request, names(parameters), Set.of(), 1, 0, Set.of());
    }

    /** The names that the answer has in the log; {@code keyId} alone where the API answers nothing. */
    LoggedCall answers(String names) {
        return new LoggedCall(operation, request, parameters, names(names), resources, failed, additional);
    }

    LoggedCall about(int keys) {
        return about(keys, 0);
    }

    LoggedCall about(int keys, int whenFailed) {
        return new LoggedCall(operation, request, parameters, response, keys, whenFailed, additional);
    }

    LoggedCall adds(String names) {
        return new LoggedCall(operation, request, parameters, response, resources, failed, names(names));
    }

    /** Does it. */
    AwsResponse call(KmsClient kms, Things things) {
        return request.apply(kms, things);
    }

    private static Set<String> names(String text) {
        return text.isEmpty() ? Set.of() : new TreeSet<>(Arrays.asList(text.split(" ")));
    }
}

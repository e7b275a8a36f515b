package dev.strongroom.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.model.KmsRequest;
import software.amazon.awssdk.utils.builder.Buildable;

class OperationTest {

    /** The SDK's methods that take exactly a request object. */
    static Set<Method> clientMethods() {
        return Arrays.stream(KmsClient.class.getMethods())
                .filter(m -> m.getParameterCount() == 1 && KmsRequest.class.isAssignableFrom(m.getParameterTypes()[0]))
                .filter(m -> !m.getName().endsWith("Paginator"))
                .collect(Collectors.toSet());
    }

    private static Set<String> wireNames(Predicate<Operation> which) {
        return Arrays.stream(Operation.values())
                .filter(which)
                .map(Operation::wireName)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void thereIsOneRowForEachOperationOfTheSdk() {
        var sdk = clientMethods().stream()
                .map(Method::getName)
                .map(name -> name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1))
                .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(sdk, wireNames(operation -> true));
        assertEquals(56, Operation.values().length);
    }

    @ParameterizedTest
    @EnumSource
    void buildersBelongToTheRow(Operation operation) {
        var request = ((Buildable) operation.newRequestBuilder()).build();
        var response = ((Buildable) operation.newResponseBuilder()).build();
        assertEquals(operation.wireName() + "Request", request.getClass().getSimpleName());
        assertEquals(operation.wireName() + "Response", response.getClass().getSimpleName());
        assertNotSame(operation.newRequestBuilder(), operation.newRequestBuilder());
    }

    @ParameterizedTest
    @EnumSource
    void isFoundByItsWireNameAlone(Operation operation) {
        assertSame(operation, Operation.find(operation.wireName()).orElseThrow());
        assertTrue(Operation.find(operation.wireName().toLowerCase(Locale.ROOT)).isEmpty());
        assertTrue(Operation.find(operation.name()).isEmpty());
    }

    @ParameterizedTest
    @EnumSource
    void requiredMembersAreMembersOfTheRequest(Operation operation) {
        var members = operation.newRequestBuilder().sdkFields().stream()
                .map(SdkField::locationName)
                .collect(Collectors.toSet());
        assertTrue(members.containsAll(operation.required()), operation::wireName);
    }

    @ParameterizedTest
    @EnumSource
    void declaresModelledErrorsOnlyAndAlwaysTheInternalOne(Operation operation) {
        assertTrue(operation.declaredErrors().stream().allMatch(KmsError::isModelled), operation::wireName);
        assertTrue(operation.declaredErrors().contains(KmsError.KMS_INTERNAL), operation::wireName);
    }

    @ParameterizedTest
    @EnumSource
    void answersWithABodyExactlyIfTheResponseHasMembers(Operation operation) {
        var hasMembers = !operation.newResponseBuilder().sdkFields().isEmpty();
        assertEquals(hasMembers, operation.output() == Operation.OutputForm.BODY, operation::wireName);
    }

    @Test
    void fourCustomKeyStoreOperationsAnswerWithAnEmptyObject() {
        assertEquals(
                Set.of(
                        "ConnectCustomKeyStore",
                        "DeleteCustomKeyStore",
                        "DisconnectCustomKeyStore",
                        "UpdateCustomKeyStore"),
                wireNames(operation -> operation.output() == Operation.OutputForm.EMPTY_OBJECT));
    }

    @Test
    void whatAnswersWithoutMembersChangesSomething() {
        assertEquals(
                Set.of(), wireNames(o -> o.readOnly() && o.output() != Operation.OutputForm.BODY), "read-only rows");
    }

    @Test
    void onlyUsesListingsAndLookupsAreReadOnly() {
        var readOnly = wireNames(Operation::readOnly);
        var verbs = readOnly.stream()
                .map(name -> name.replaceAll("(?<=[a-z])[A-Z].*", ""))
                .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(29, readOnly.size());
        assertEquals(
                new TreeSet<>(Set.of(
                        "Decapsulate",
                        "Decrypt",
                        "Derive",
                        "Describe",
                        "Encapsulate",
                        "Encrypt",
                        "Generate",
                        "Get",
                        "List",
                        "Re",
                        "Sign",
                        "Verify")),
                verbs);
    }
}

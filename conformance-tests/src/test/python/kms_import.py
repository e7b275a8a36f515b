"""Bring key material along: wrapped by OpenSSL (through the package cryptography), imported with boto3.

Prints one line a step and ends with "done"; any surprise is a traceback and a non-zero exit code.
"""

import datetime
import os

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError
from cryptography.hazmat.primitives import hashes, keywrap, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

kms = boto3.client("kms", config=Config(retries={"max_attempts": 1}))


def refused(code, call, **arguments):
    try:
        call(**arguments)
    except ClientError as error:
        assert error.response["Error"]["Code"] == code, error
        print("refused as", code)
        return error.response["Error"].get("Message", "")
    raise AssertionError(f"{call} was not refused")


def wrap(algorithm, public_key, material):
    key = serialization.load_der_public_key(public_key)
    digest = hashes.SHA1() if algorithm.endswith("SHA_1") else hashes.SHA256()
    oaep = padding.OAEP(mgf=padding.MGF1(algorithm=digest), algorithm=digest, label=None)
    if algorithm.startswith("RSAES_OAEP"):
        return key.encrypt(material, oaep)
    wrapping_key = os.urandom(32)
    return key.encrypt(wrapping_key, oaep) + keywrap.aes_key_wrap_with_padding(wrapping_key, material)


def give(key, algorithm, spec, material, **terms):
    parameters = kms.get_parameters_for_import(KeyId=key, WrappingAlgorithm=algorithm, WrappingKeySpec=spec)
    terms = terms or {"ExpirationModel": "KEY_MATERIAL_DOES_NOT_EXPIRE"}
    return kms.import_key_material(
        KeyId=key,
        ImportToken=parameters["ImportToken"],
        EncryptedKeyMaterial=wrap(algorithm, parameters["PublicKey"], material),
        **terms,
    )


def state(key):
    return kms.describe_key(KeyId=key)["KeyMetadata"]["KeyState"]


for algorithm, spec in [
    ("RSAES_OAEP_SHA_1", "RSA_2048"),
    ("RSAES_OAEP_SHA_256", "RSA_3072"),
    ("RSA_AES_KEY_WRAP_SHA_1", "RSA_2048"),
    ("RSA_AES_KEY_WRAP_SHA_256", "RSA_2048"),
]:
    key = kms.create_key(Origin="EXTERNAL")["KeyMetadata"]["KeyId"]
    assert state(key) == "PendingImport"
    material = os.urandom(32)
    first = give(key, algorithm, spec, material)
    sealed = kms.encrypt(KeyId=key, Plaintext=b"attack at dawn")["CiphertextBlob"]
    kms.delete_imported_key_material(KeyId=key)
    assert "pending import" in refused("KMSInvalidStateException", kms.decrypt, CiphertextBlob=sealed)
    again = give(key, algorithm, spec, material, ValidTo=datetime.datetime.now() + datetime.timedelta(days=1))
    assert again["KeyMaterialId"] == first["KeyMaterialId"]
    assert kms.decrypt(CiphertextBlob=sealed)["Plaintext"] == b"attack at dawn"
    metadata = kms.describe_key(KeyId=key)["KeyMetadata"]
    assert metadata["ExpirationModel"] == "KEY_MATERIAL_EXPIRES" and metadata["ValidTo"], metadata
    print("imported by", algorithm, "under", spec)


def pkcs8(private_key):
    return private_key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def spki(private_key):
    return private_key.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )


for private_key, key_spec, algorithm in [
    (rsa.generate_private_key(65537, 2048), "RSA_2048", "RSA_AES_KEY_WRAP_SHA_256"),
    (ec.generate_private_key(ec.SECP256R1()), "ECC_NIST_P256", "RSAES_OAEP_SHA_256"),
    (ec.generate_private_key(ec.SECP521R1()), "ECC_NIST_P521", "RSA_AES_KEY_WRAP_SHA_256"),
    (ec.generate_private_key(ec.SECP256K1()), "ECC_SECG_P256K1", "RSAES_OAEP_SHA_256"),
]:
    key = kms.create_key(Origin="EXTERNAL", KeySpec=key_spec, KeyUsage="SIGN_VERIFY")["KeyMetadata"]["KeyId"]
    give(key, algorithm, "RSA_2048", pkcs8(private_key))
    assert kms.get_public_key(KeyId=key)["PublicKey"] == spki(private_key)
    print("imported a key pair of", key_spec)

print("done")

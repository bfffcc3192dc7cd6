using System.Text.Json.Serialization;

namespace Dske.Console.Network;

/// <summary>How the lists of an encryptor are read.</summary>
[JsonSerializable(typeof(SecureLinkList))]
[JsonSerializable(typeof(KeySinkList))]
internal sealed partial class EncryptorListJson : JsonSerializerContext;

using System.Net;
using Dske.Encryptor.Configuration;
using Dske.Protocol.SecureLinks;

namespace Dske.Encryptor.Tunnels;

/// <summary>A tunnel as it is to be. Immutable.</summary>
/// <param name="Name">Its name, unique at this encryptor.</param>
/// <param name="Listen">Where this encryptor listens for it.</param>
/// <param name="Peer">At whose end it leads on.</param>
/// <param name="Target">Where it leads from there.</param>
internal sealed record TunnelSettings(string Name, IPEndPoint Listen, Peer Peer, StreamTarget Target);

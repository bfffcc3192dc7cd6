using Dske.Encryptor;
using Dske.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults(options => options.Describe(builder.Configuration));
builder.AddEncryptor();

var app = builder.Build();
app.MapDefaultEndpoints();
app.MapEncryptor();
return await app.RunNodeAsync();

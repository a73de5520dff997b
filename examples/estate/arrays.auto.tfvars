# The estate: both CLIs read this file by themselves.

arrays = {
  ibox01 = { endpoint = "https://ibox01.example.com", pools = { gold = "1TB" } }
  ibox02 = { endpoint = "https://ibox02.example.com", pools = { gold = "2TB" } }
  ibox03 = { endpoint = "https://ibox03.example.com", pools = { gold = "3TB" } }
  ibox04 = { endpoint = "https://ibox04.example.com", pools = { gold = "4TB" } }
  ibox05 = { endpoint = "https://ibox05.example.com", pools = { gold = "5TB" } }
  ibox06 = { endpoint = "https://ibox06.example.com", pools = { gold = "6TB" } }
  ibox07 = { endpoint = "https://ibox07.example.com", pools = { gold = "7TB" } }
  ibox08 = { endpoint = "https://ibox08.example.com", pools = { gold = "8TB" } }
  ibox09 = { endpoint = "https://ibox09.example.com", pools = { gold = "9TB" } }
  ibox10 = { endpoint = "https://ibox10.example.com", pools = { gold = "10TB" }, max_concurrency = 2 }
}

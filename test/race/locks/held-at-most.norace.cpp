// The lock that most accesses hold shows what was meant.
// emm-check: rules=map/*,atomic/*,lock/* level=warning opt=0,2 stdlib=libstdc++,libc++
#include <mutex>
#include <thread>

class Account {
public:
  void deposit(int n) {
    std::lock_guard<std::mutex> guard(mutex);
    balance += n;
  }
  void withdraw(int n) {
    std::lock_guard<std::mutex> guard(mutex);
    balance -= n;
  }
  void reset() {
    std::lock_guard<std::mutex> guard(mutex);
    balance = 0;
  }

private:
  std::mutex mutex;
  long balance = 0;
};

int main() {
  Account account;
  std::thread t([&] { account.deposit(1); });
  account.withdraw(1);
  account.reset();
  t.join();
}

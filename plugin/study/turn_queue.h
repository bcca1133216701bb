#ifndef ISOFLOP_PLUGIN_STUDY_TURN_QUEUE_H_
#define ISOFLOP_PLUGIN_STUDY_TURN_QUEUE_H_

#include <chrono>
#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <utility>

namespace isoflop {

// Work of several threads for many keys: keys take turns in the order in which they asked, a key has one turn at a
// time, and however often it asks meanwhile it gets one more. So no key can hold up the others by more than one turn.
// Thread safe.
template <typename Key>
class TurnQueue {
 public:
  using Clock = std::chrono::steady_clock;

  // Asks for a turn.
  void Push(const Key& key) {
    std::lock_guard<std::mutex> guard(mutex_);
    Enqueue(key);
  }

  // Waits for the next key and starts its turn; nothing once the queue is stopped.
  std::optional<Key> Take() {
    std::unique_lock<std::mutex> lock(mutex_);
    while (!stopped_) {
      ReleaseDelayed();
      if (!queue_.empty()) {
        Key key = std::move(queue_.front());
        queue_.pop_front();
        queued_.erase(key);
        running_.emplace(key, false);
        return key;
      }
      if (delayed_.empty()) {
        changed_.wait(lock);
      } else {
        changed_.wait_until(lock, delayed_.begin()->first);
      }
    }
    return std::nullopt;
  }

  // Ends the turn of a key that was taken.
  void Finish(const Key& key) {
    std::lock_guard<std::mutex> guard(mutex_);
    End(key);
  }

  // The same; the key asks again once `delay_sec` have passed.
  void FinishAndRetry(const Key& key, double delay_sec) {
    std::lock_guard<std::mutex> guard(mutex_);
    End(key);
    delayed_.emplace(Clock::now() + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(delay_sec)),
                     key);
    changed_.notify_one();
  }

  // Take returns nothing from now on.
  void Stop() {
    std::lock_guard<std::mutex> guard(mutex_);
    stopped_ = true;
    changed_.notify_all();
  }

  size_t waiting_count() const {
    std::lock_guard<std::mutex> guard(mutex_);
    return queue_.size() + delayed_.size();
  }
  size_t running_count() const {
    std::lock_guard<std::mutex> guard(mutex_);
    return running_.size();
  }

 private:
  void Enqueue(const Key& key) {
    if (const auto turn = running_.find(key); turn != running_.end()) {
      turn->second = true;
      return;
    }
    if (!queued_.insert(key).second) return;
    queue_.push_back(key);
    changed_.notify_one();
  }

  void End(const Key& key) {
    const auto turn = running_.find(key);
    const bool asked_again = turn->second;
    running_.erase(turn);
    if (asked_again) Enqueue(key);
  }

  void ReleaseDelayed() {
    while (!delayed_.empty() && delayed_.begin()->first <= Clock::now()) {
      Enqueue(delayed_.begin()->second);
      delayed_.erase(delayed_.begin());
    }
  }

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Key> queue_;
  std::set<Key> queued_;                           // Those in queue_.
  std::map<Key, bool> running_;                    // Those whose turn it is, and whether they asked again.
  std::multimap<Clock::time_point, Key> delayed_;  // By when they ask.
  bool stopped_ = false;
};

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_STUDY_TURN_QUEUE_H_

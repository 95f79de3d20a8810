//! Control threads: order, number, end.

use std::fs;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Barrier, Mutex, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use rtap_io::control::{Lane, THREAD_NAME, THREADS_MAX, dispose, may_wait};

/// These tests count the threads of one pool, so they take turns.
static TURN: Mutex<()> = Mutex::new(());

fn threads() -> usize {
    fs::read_dir("/proc/self/task")
        .expect("tasks")
        .filter_map(|task| fs::read_to_string(task.ok()?.path().join("comm")).ok())
        .filter(|name| name.trim() == THREAD_NAME)
        .count()
}

#[test]
fn runs_the_jobs_of_a_lane_in_order_and_one_at_a_time() {
    let _turn = TURN.lock();
    let lane = Lane::new();
    let (sender, receiver) = mpsc::channel();
    let running = Arc::new(AtomicUsize::new(0));
    for number in 0..200 {
        let (sender, running) = (sender.clone(), Arc::clone(&running));
        lane.post(move || {
            assert_eq!(running.fetch_add(1, Ordering::SeqCst), 0);
            thread::yield_now();
            running.fetch_sub(1, Ordering::SeqCst);
            sender.send(number).expect("a receiver");
        });
    }
    drop(sender);
    assert_eq!(receiver.iter().collect::<Vec<_>>(), (0..200).collect::<Vec<_>>());
}

#[test]
fn runs_lanes_side_by_side_on_four_threads_at_most() {
    let _turn = TURN.lock();
    // Nobody passes the barrier unless all threads run at the same time.
    let barrier = Arc::new(Barrier::new(THREADS_MAX));
    let (sender, receiver) = mpsc::channel();
    for _ in 0..3 * THREADS_MAX {
        let (sender, barrier) = (sender.clone(), Arc::clone(&barrier));
        Lane::new().post(move || {
            barrier.wait();
            sender.send(threads()).expect("a receiver");
        });
    }
    drop(sender);
    assert!(receiver.iter().all(|count| count <= THREADS_MAX));
}

#[test]
fn survives_a_job_that_panics() {
    let _turn = TURN.lock();
    let lane = Lane::new();
    let (sender, receiver) = mpsc::channel();
    lane.post(|| panic!("on purpose"));
    lane.post(move || sender.send(()).expect("a receiver"));
    assert_eq!(receiver.recv(), Ok(()));
}

#[test]
fn disposes_where_waiting_is_allowed() {
    struct Told(mpsc::Sender<bool>);
    impl Drop for Told {
        fn drop(&mut self) {
            self.0.send(may_wait()).expect("a receiver");
        }
    }
    let _turn = TURN.lock();
    let (sender, receiver) = mpsc::channel();
    assert!(!may_wait());
    dispose(Told(sender.clone()));
    assert_eq!(receiver.recv(), Ok(true));
    Lane::new().post(move || dispose(Told(sender)));
    assert_eq!(receiver.recv(), Ok(true));
}

#[test]
fn ends_idle_threads() {
    let _turn = TURN.lock();
    let (sender, receiver) = mpsc::channel();
    Lane::new().post(move || sender.send(threads()).expect("a receiver"));
    assert!(receiver.recv().expect("a job") >= 1);
    // The end of a thread can only be looked for.
    let deadline = Instant::now() + Duration::from_secs(20);
    while threads() > 0 {
        assert!(Instant::now() < deadline, "idle threads stay");
        thread::sleep(Duration::from_millis(20));
    }
}
